/** How the project says that it is run: in production or not, behind whom, and with what that restarts it. */

export { deploymentOf } from './deployment.ts'
export { withDevelopmentImages } from './development-images.ts'
export { reloaders } from './reloaders.ts'
export { trustsOf } from './trust.ts'
