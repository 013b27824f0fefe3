type Session = { userId: string }

const PER_USER = 10
const running = new Map<string, Session>()

export const sessions = {
  start(userId: string): string {
    const id = crypto.randomUUID()
    running.set(id, { userId })
    const own = [...running].filter(([, session]) => session.userId === userId)
    const [oldest] = own
    if (oldest && own.length > PER_USER) running.delete(oldest[0])
    return id
  },
  get: (id: string): Session | undefined => running.get(id),
  end: (id: string): boolean => running.delete(id),
}
