/** Keeps the cores awake while something is measured. */
import { openSync, readFileSync, writeSync } from 'node:fs'

const REQUEST = '/dev/cpu_dma_latency'
const DRIVER = '/sys/devices/system/cpu/cpuidle/current_driver'

/**
 * Asks Linux, until this process ends, that no core sleep while it waits (its PM QoS; tuned's profile network-latency does the same). A server
 * that is slower than its load lets the load's core sleep, and the call that sends an answer then pays for waking it: on a virtual machine
 * an exit to the hypervisor, 2 µs and more, which no server pays whose clients are elsewhere.
 *
 * @returns whether they stay awake: it takes root, and a machine that leaves sleeping to Linux
 */
export const keepAwake = (): boolean => {
  try {
    if (readFileSync(DRIVER, 'utf8').trim() === 'none') return false
    // Held as long as the file is open: until the end. A 32-bit number of µs.
    writeSync(openSync(REQUEST, 'w'), Buffer.alloc(4))
    return true
  } catch {
    return false
  }
}
