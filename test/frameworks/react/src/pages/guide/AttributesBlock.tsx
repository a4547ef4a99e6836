export function AttributesBlock() {
  const name = 'Ada';
  const token = 'a-token';
  const isElsewhere = true;

  return <>{/* docs/react.md: Attributes and properties: tsx */}</>;
}
