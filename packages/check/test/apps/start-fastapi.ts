import { spawnSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

// Debian's: python3-fastapi, python3-uvicorn, python3-jose.
export const python = '/usr/bin/python3'

export const installed = (): boolean => spawnSync(python, ['-c', 'import fastapi, jose, uvicorn']).status === 0

const commandOf = (dockerfile: string): string => {
  const command = /^CMD (exec uvicorn .+)$/m.exec(dockerfile)?.[1]
  if (command === undefined) throw new Error('the Dockerfile has no CMD that starts uvicorn')
  return command.replace('exec uvicorn', `exec ${python} -m uvicorn`)
}

// As its image starts it: uvicorn's flags are part of what is judged. HOST, PORT and JWT_SECRET come from the caller.
export const prepare = async (folder: string) => ({
  command: 'sh',
  args: ['-c', commandOf(await readFile(join(folder, 'Dockerfile'), 'utf8'))],
  cwd: folder,
  env: { PYTHONDONTWRITEBYTECODE: '1' },
})
