/** Images that are built to develop in, though nothing in their name says so: another one is what production starts. */
import { folderOf, type Settings } from '../../settings/index.ts'
import { isLast, reloads } from './reloaders.ts'

type Command = Settings['commands'][number]
type Build = NonNullable<Settings['builds']>[number]

/**
 * The same settings, with the commands of such images marked: each Compose service that builds one mounts the source or says that it
 * develops, and there is another image of the same program that starts without a reloader. One of the two alone says too little:
 * where there is no other image, this one is what people deploy.
 */
export const withDevelopmentImages = <S extends Pick<Settings, 'commands' | 'env' | 'builds'>>(settings: S): S => {
  const { commands } = settings
  const images = commands.filter((one, index) => one.kind === 'image' && isLast(commands, index))
  const developing = new Set(images.filter((one) => isForDevelopment(settings, images, one)).map(({ file }) => file))
  if (developing.size === 0) return settings
  return {
    ...settings,
    commands: commands.map((one) =>
      one.kind === 'image' && developing.has(one.file) ? { ...one, development: true } : one,
    ),
  }
}

type Known = Pick<Settings, 'commands' | 'env' | 'builds'>

const isForDevelopment = (settings: Known, images: readonly Command[], image: Command): boolean => {
  const { commands, builds = [] } = settings
  if (image.role !== 'program' || image.development || !restarts(image, commands)) return false
  const built = builds.filter((one) => one.image === image.file)
  return (
    built.length > 0 &&
    built.every((one) => one.development || one.mounted || saysDevelopment(settings, one)) &&
    images.some(
      (one) =>
        one.file !== image.file &&
        one.role === 'program' &&
        !restarts(one, commands) &&
        !/test|e2e/i.test(one.file) &&
        isSameProgram(settings, image, one),
    )
  )
}

const restarts = (image: Command, commands: readonly Command[]): boolean =>
  reloads(image, commands) || /\s--reload(?![-\w])|["']--reload["']/.test(image.text)

const saysDevelopment = ({ env }: Known, { compose, service, environmentFiles }: Build): boolean =>
  env.some(
    (one) =>
      /^(?:NODE|APP|FASTAPI|FLASK)_ENV$|^ENV(?:IRONMENT)?$/.test(one.name) &&
      /^(?:dev|development|local)$/i.test(one.value.trim()) &&
      (environmentFiles.includes(one.file) || (one.file === compose && one.service === service)),
  )

/** The other one beside it, or elsewhere: but neither another service's nor that of a folder with a manifest of its own. */
const isSameProgram = ({ commands, builds = [] }: Known, image: Command, other: Command): boolean => {
  const folder = folderOf(other.file)
  if (folder === folderOf(image.file)) return true
  const beside = builds.filter((one) => one.image === image.file).map(({ compose }) => compose)
  return (
    !builds.some((one) => one.image === other.file && beside.includes(one.compose)) &&
    !commands.some((one) => one.kind === 'script' && one.file === `${folder}/package.json`)
  )
}
