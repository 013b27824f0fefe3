/** Which origins a program lets in. */

export { everyCors } from './cors.ts'
export { corsInside, corsOfPackage } from './cors-package.ts'
export { headersAnywhere, headersByHand } from './origin-headers.ts'
export { originOption, originsOf, originsOfDelegate } from './origins.ts'
