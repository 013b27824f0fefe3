import type { AccessRule, Principal, RuleRequest } from './rule.ts'

/**
 * Decides a rule for a principal: the last word of layer 4.
 *
 * @returns 200 to admit, 403 or 404 to refuse; by a promise when the predicate answers by one
 * @throws what the predicate throws: the door turns it into a refusal
 */
export const decide = (
  rule: AccessRule,
  principal: Principal,
  request: RuleRequest,
): 200 | 403 | 404 | Promise<200 | 403 | 404> => {
  switch (rule.kind) {
    case 'public':
    case 'authenticated':
      return 200
    case 'role':
      return rule.roles.some((one) => principal.roles.includes(one)) ? 200 : 403
    case 'predicate': {
      const answer = rule.predicate(principal, request)
      // Exactly true: a predicate that forgets to return, or returns the thing it looked up, grants nothing.
      if (answer instanceof Promise) return answer.then((late) => (late === true ? 200 : rule.refuseWith))
      return answer === true ? 200 : rule.refuseWith
    }
    case 'service-key':
      return decide(rule.otherwise, principal, request)
    default:
      return 403
  }
}
