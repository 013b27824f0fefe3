/** What a running process says of its keys at /metrics. */
export type RingInUse =
  | { readonly kids: readonly string[]; readonly fileFaulty: boolean }
  /** Why it can't be said now: the process may be starting. */
  | { readonly unknown: string }

const KEY = /^portcullis_key_info\{([^}]{1,400})\} 1$/gm

/**
 * Asks a process which keys it has, the one that signs first.
 *
 * @throws Error when asking again would not help
 */
export const ringInUse = async (url: string, token: string): Promise<RingInUse> => {
  let answer: Response
  let text: string
  try {
    answer = await fetch(new URL('/metrics', url), {
      headers: { authorization: `Bearer ${token}` },
      // The bearer goes where it was sent, and nowhere else.
      redirect: 'error',
      signal: AbortSignal.timeout(5_000),
    })
    text = await answer.text()
  } catch (error) {
    const { cause, name } = error as Error & { readonly cause?: { readonly code?: string } }
    return { unknown: `does not answer (${cause?.code ?? name})` }
  }
  if (answer.status === 401 || answer.status === 403)
    throw new Error(`${url} answers ${answer.status} at /metrics: METRICS_TOKEN is not the one it was started with.`)
  if (answer.status !== 200) return { unknown: `answers ${answer.status} at /metrics` }
  const keys = [...text.matchAll(KEY)].map((match) => labelsOf(match[1] ?? ''))
  if (keys.length === 0)
    throw new Error(`${url} says nothing of its keys at /metrics: it is no ready backend, or an older one.`)
  const signing = keys.filter(({ signs }) => signs === '1')
  const others = keys.filter(({ signs }) => signs !== '1')
  return {
    kids: [...signing, ...others].map(({ kid = '' }) => kid),
    fileFaulty: /^portcullis_key_file_faulty 1$/m.test(text),
  }
}

const labelsOf = (text: string): Readonly<Record<string, string>> =>
  Object.fromEntries([...text.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]))
