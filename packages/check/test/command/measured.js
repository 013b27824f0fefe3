// Loaded before the command by its tests: writes down the most memory that it had, and the microseconds that it computed.
import { writeFileSync } from 'node:fs'

process.on('exit', () => {
  const file = process.env.MEASURED
  if (file !== undefined) {
    const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage()
    writeFileSync(file, `${maxRSS} ${userCPUTime + systemCPUTime}`)
  }
})
