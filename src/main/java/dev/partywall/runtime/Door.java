package dev.partywall.runtime;

/**
 * The doors of the corridor that every request walks down, from the outermost to the innermost;
 * {@link FilterChain} knows who stands at each. Every door relies on those before it, so that no
 * two may change places unless a test that pins their order is changed with them.
 */
enum Door {
  /** Binds the request's scope: all that is written from here on carries its ids. */
  TRACE,
  /** Looks up the route, which the signals name and the locks ask for. */
  ROUTE,
  /** Writes a line for every request, whoever refuses it. */
  ACCESS_LOG,
  /** Counts every request, whoever refuses it. */
  METRICS,
  /** Meters what goes out; the bytes of a refusal, too. */
  METER_ANSWERS,
  /** Turns refusals into answers, so that whoever refuses stands further in. */
  PROBLEMS,
  /** Sees refusals before they are answers. */
  AUDIT,
  /** Refuses what breaks a rule of the wire. */
  WIRE_RULES,
  /** Ends what takes too long, the wait for a place among it. */
  DEADLINE,
  /** Lets wait what is too much at once, and refuses it before it costs anything. */
  CEILING,
  /** Lets in who bears a token that holds. */
  AUTHENTICATE,
  /** From here on there is a tenant, and nothing that is a tenant's is touched further out. */
  BIND,
  /** Meters what the tenant's request uses. */
  METER_REQUESTS,
  /** Lets on who has the route's right. */
  AUTHORIZE
}
