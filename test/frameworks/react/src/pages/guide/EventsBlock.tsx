export function EventsBlock() {
  return <>{/* docs/react.md: Events: tsx */}</>;
}
