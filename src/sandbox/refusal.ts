/** What is wrong with each field, as the verification API tells it. */
export type FieldErrors = Readonly<Record<string, readonly string[]>>;

/** Thrown wherever a request ends in an error answer. */
export class Refusal extends Error {
  /** HTTP status. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly #words: string | FieldErrors;

  constructor(
    status: number,
    words: string | FieldErrors,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(typeof words === 'string' ? words : JSON.stringify(words));
    this.status = status;
    this.headers = headers;
    this.#words = words;
  }

  /** `member` has the words, where they are not told field by field. */
  answer(member: string): Response {
    const { status, headers } = this;
    const body = typeof this.#words === 'string' ? { [member]: this.#words } : this.#words;
    return Response.json(body, { status, headers });
  }
}
