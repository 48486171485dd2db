import { expect, test } from 'vitest'
import { counted, cut, oneLine } from '../../src/text.ts'

test('one thing is not many', () => {
  const told = [counted(0, 'rule'), counted(1, 'rule'), counted(2, 'rule'), counted(1, 'story', 'stories')]
  expect(told).toEqual(['0 rules', '1 rule', '2 rules', '1 story'])
  expect(counted(13_100, 'story', 'stories')).toBe('13,100 stories')
})

test('what others wrote becomes one printable line', () => {
  expect(oneLine(' a\u001b[31m\n\tb\u202e c ')).toBe('a [31m b c')
})

test('what is too long ends in an ellipsis, and no character is cut in two', () => {
  expect([cut('abc', 3), cut('abcd', 3), cut('🥇🥈🥉', 3), cut('🥇🥈🥉🥉', 3)]).toEqual([
    'abc',
    'ab…',
    '🥇🥈🥉',
    '🥇🥈…',
  ])
})
