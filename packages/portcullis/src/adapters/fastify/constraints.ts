import type { RouteOptions } from 'fastify'

/** What a request must have for a route beside its method and path: a version, a host. */
export const constraintsOf = ({
  constraints = {},
}: RouteOptions): readonly (readonly [name: string, value: string])[] =>
  Object.entries(constraints).map(([name, value]) => [name, String(value)])

/** A route's place in the access table. With its constraints: two versions of one path may be open to different people. */
export const placeOf = (route: RouteOptions): string => {
  const named = constraintsOf(route).map(([name, value]) => `${name}=${value}`)
  const place = named.length === 0 ? route.url : `${route.url}[${named.join(',')}]`
  // Between the columns of the table stand spaces.
  return place.replaceAll(/\s/g, encodeURIComponent)
}
