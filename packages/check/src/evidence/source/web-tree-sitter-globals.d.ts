/** Types of the browser and of Emscripten that web-tree-sitter's declarations name, and that nothing here uses. */
declare namespace WebAssembly {
  type Module = object
}
type EmscriptenModule = object
