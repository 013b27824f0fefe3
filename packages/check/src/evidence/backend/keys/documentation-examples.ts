import type { Node } from '../../source/index.ts'

/** What documentation shows, as in `json_schema_extra={"example": {…}}`, opens nothing. */
export const examplesIn = (node: Node): readonly Node[] => {
  const isExample = (name: unknown) => /^(?:openapi_)?examples?$/.test(String(name))
  if (node.kind === 'object')
    return node.entries.flatMap(({ key, value }) => (key.kind === 'literal' && isExample(key.value) ? [value] : []))
  return node.kind === 'call' ? [...node.named].flatMap(([name, value]) => (isExample(name) ? [value] : [])) : []
}
