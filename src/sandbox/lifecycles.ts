/** Where a session of the data transfer stands, in Didit's words. */
export type DataTransferStatus =
  'initialized' | 'retrieved' | 'confirmed' | 'declined' | 'expired' | 'cancelled';

/** Where a session of the verification API stands, in Didit's words. */
export type VerificationStatus =
  | 'Not Started'
  | 'In Progress'
  | 'Awaiting User'
  | 'Resubmitted'
  | 'In Review'
  | 'Approved'
  | 'Declined'
  | 'Abandoned'
  | 'Expired'
  | 'Kyc Expired';

/** Where a session stands, in the words of its API. */
export type SandboxStatus = DataTransferStatus | VerificationStatus;

/** What leads where; a status without an entry stays as it is. */
export type Steps<Status> = ReadonlyMap<Status, Status>;

/** The words of an API, and what leads from one to the next. */
export interface Lifecycle<Status extends string> {
  readonly first: Status;
  /** When a person opens the page. */
  readonly opened: Steps<Status>;
  /** When the time is over. A session is unfinished as long as it has an entry here. */
  readonly overdue: Steps<Status>;
  /** By what the page's form sends as `action`. */
  readonly actions: ReadonlyMap<string, Steps<Status>>;
}

const UNANSWERED = ['initialized', 'retrieved'] as const;
const UNANSWERED_OVERDUE = steps<DataTransferStatus>(UNANSWERED, 'expired');

/** `cancel` and `expire` have no button: they are there for tests of those states. */
export const DATA_TRANSFER: Lifecycle<DataTransferStatus> = {
  first: 'initialized',
  opened: steps(['initialized'], 'retrieved'),
  overdue: UNANSWERED_OVERDUE,
  actions: new Map([
    ['confirm', steps(UNANSWERED, 'confirmed')],
    ['decline', steps(UNANSWERED, 'declined')],
    ['cancel', steps(UNANSWERED, 'cancelled')],
    ['expire', UNANSWERED_OVERDUE],
  ]),
};

const UNFINISHED = ['Not Started', 'In Progress', 'Awaiting User', 'Resubmitted'] as const;
const UNDECIDED = [...UNFINISHED, 'In Review'] as const;
const UNFINISHED_OVERDUE: Steps<VerificationStatus> = new Map([
  ...steps<VerificationStatus>(UNFINISHED, 'Abandoned'),
  ['Not Started', 'Expired'],
]);

/**
 * The person's own answers have a button each. The others are for tests: what a reviewer does
 * (`resubmit`, and `approve` or `decline` of what is in review), and what time does.
 */
export const VERIFICATION: Lifecycle<VerificationStatus> = {
  first: 'Not Started',
  opened: steps(['Not Started', 'Resubmitted'], 'In Progress'),
  overdue: UNFINISHED_OVERDUE,
  actions: new Map([
    ['approve', steps(UNDECIDED, 'Approved')],
    ['decline', steps(UNDECIDED, 'Declined')],
    ['review', steps(UNFINISHED, 'In Review')],
    ['resubmit', steps(['In Review'], 'Resubmitted')],
    ['await', steps(UNFINISHED, 'Awaiting User')],
    ['expire', UNFINISHED_OVERDUE],
    ['expire-kyc', steps(['Approved'], 'Kyc Expired')],
  ]),
};

function steps<Status>(from: readonly Status[], to: Status): Steps<Status> {
  return new Map(from.map((status) => [status, to]));
}
