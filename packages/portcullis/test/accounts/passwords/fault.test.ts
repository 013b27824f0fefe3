import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { passwordFault } from '../../../src/accounts/passwords/index.ts'

const about = ['Alice.Smith@example.com', 'alice_smith']

const SHORT = 'The password has fewer than 10 characters.'
const LONG = 'The password has more than 256 characters or 1024 bytes.'
const REPEATED = 'The password is one short piece, repeated.'
const RUN = 'The password is a run along the keyboard or the alphabet.'
const OWN = "The password is mostly the account's own name or address."
const COMMON = 'The password is in the list of common and breached passwords.'

const refused: readonly (readonly [password: string, fault: string])[] = [
  ['', SHORT],
  ['a', SHORT],
  ['Tr0ub4d!r', SHORT],
  ['🏰🐎🗝️🛡️', SHORT],
  // Ten code points as they are typed, five characters once composed.
  ['e\u0301o\u0301a\u0301i\u0301u\u0301', SHORT],
  [`${'x1'.repeat(128)}y`, LONG],
  // 256 characters of 4 bytes are 1024 bytes; with one more, too many.
  [`${'🏰🐎'.repeat(128)}!`, LONG],
  ['ab'.repeat(800), 'The password has more than 256 characters.'],
  ['correct horse \ud83c battery', 'The password holds something that is no Unicode character.'],
  ['aaaaaaaaaa', REPEATED],
  ['          ', REPEATED],
  ['abcabcabcabc', REPEATED],
  ['abcabcabca', REPEATED],
  ['ABcabCabcABC', REPEATED],
  ['x9x9x9x9x9', REPEATED],
  ['trustno1trustno1', REPEATED],
  ['абвабвабвабв', REPEATED],
  ['🏰🐎🏰🐎🏰🐎🏰🐎🏰🐎', REPEATED],
  ['abcdefghij', RUN],
  ['ABCDEFGHIJ', RUN],
  ['zyxwvutsrq', RUN],
  ['0123456789', RUN],
  ['1234567890', RUN],
  ['9876543210', RUN],
  ['12345678901234', RUN],
  ['qwertyuiop', RUN],
  ['poiuytrewq', RUN],
  ['QWERTYUIOPasdfghjkl', RUN],
  ['qwertzuiopasdf', RUN],
  ['azertyuiop12', RUN],
  ['йцукенгшщз', RUN],
  ['1qaz2wsx3edc', RUN],
  ['!@#$%^&*()', RUN],
  ['abcdefgh1!', RUN],
  ['aaaaa11111', RUN],
  ['abcde12345!', RUN],
  ['alice_smith', OWN],
  ['ALICE_SMITH', OWN],
  ['alice.smith@example.com', OWN],
  ['alice.smith', OWN],
  ['Alice-Smith-1', OWN],
  ['alicesmith2024!', OWN],
  ['!!alice_smith!!', OWN],
  ['alice.smithalice_smith', OWN],
  ['password123', COMMON],
  ['PASSWORD123', COMMON],
  ['password123!', COMMON],
  ['Password123!?', COMMON],
  ['changeme123', COMMON],
  ['administrator', COMMON],
  ['administrator2024!', COMMON],
  [' administrator ', COMMON],
  ['1q2w3e4r5t', COMMON],
  ['Password1!', COMMON],
  ['Password2024!', COMMON],
  ['P@ssw0rd2024', COMMON],
  ['Summer2024!', COMMON],
  ['dragon12345', COMMON],
  ['master!!!!', COMMON],
  ['iloveyou123', COMMON],
  ['Contrase\u00f1a', COMMON],
  ['Contrasen\u0303a', COMMON],
]

for (const [password, fault] of refused) {
  test(`refused: ${JSON.stringify(password.slice(0, 40))}: ${fault}`, () => {
    assert.equal(passwordFault(password, about), fault)
  })
}

const taken: readonly string[] = [
  'correct horse battery staple',
  'Tr0ub4dor&3',
  'kSd8!fQ2p@',
  'no rules of composition',
  'drawbridge-moat-heron',
  'ümläuteßüberall',
  'пароль который длинный',
  '吾輩は猫である名前はまだ無い',
  '🏰🐎🗝️🛡️🗡️🕯️📜',
  'the name alice is in it, that is all right',
  "'; drop table users; --",
  '<script>alert(1)</script>',
  'with\u0000a NUL in it',
  'x1y2z3w4v5',
  // More behind a common one than it has itself, and a word of it that is not at its beginning.
  'dragon-8273-6451',
  'my dragon 2024',
  ' leading and trailing spaces ',
  'ab cd ef gh ij',
  `${'🏰🐎'.repeat(8)}different at the end, so no repetition`,
  [...'abcdefghijklmnopqrstuvwxyz0123456789'].toReversed().join('-').padEnd(256, 'qz7'),
]

for (const password of taken) {
  test(`taken: ${JSON.stringify(password.slice(0, 40))}`, () => {
    assert.equal(passwordFault(password, about), null)
  })
}

test("a short name, or one that is somebody else's, refuses nothing", () => {
  assert.equal(passwordFault('drawbridge-moat-heron', ['', 'dr', 'd@', 'someone_else']), null)
  assert.equal(passwordFault('drawbridge-moat-heron', []), null)
})

test('1024 bytes in 256 characters are taken, one character more is not', () => {
  const unit = '🏰🐎🗝🛡🗡🕯📜🐉🦉'
  const full = [...unit.repeat(40)].slice(0, 255)
  assert.equal(passwordFault([...full, '🦢'].join(''), about), null)
  assert.equal(passwordFault([...full, '🦢', '!'].join(''), about), LONG)
})

test('whatever comes in, it answers with one of its sentences, and the same for both ways to compose it', () => {
  const sentences = new Set<string | null>([null, SHORT, LONG, REPEATED, RUN, OWN, COMMON])
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 300 }),
      fc.array(fc.string(), { maxLength: 3 }),
      (text, names) => {
        const fault = passwordFault(text, names)
        assert.ok(sentences.has(fault))
        assert.equal(passwordFault(text.normalize('NFC'), names), passwordFault(text.normalize('NFD'), names))
      },
    ),
    { numRuns: 200 },
  )
})
