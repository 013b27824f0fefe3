/**
 * Loaded before each test file (`--import`): the programs that a test starts don't write coverage.
 *
 * Many of them are killed on purpose, and one that is killed while it writes leaves half a file: the runner then can't report, and ends
 * with an error although every test passed. The file's own coverage was set up before this runs, and is written all the same.
 */
delete process.env['NODE_V8_COVERAGE']
