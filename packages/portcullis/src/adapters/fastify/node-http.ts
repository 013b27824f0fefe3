/**
 * What is used of node:http. Not imported: to import a module of Node's is to read all its properties, and among these is a client for
 * WebSockets. With it undici is loaded, 3 MiB that no server needs.
 */
export const { METHODS, ServerResponse, STATUS_CODES } = process.getBuiltinModule('node:http')
