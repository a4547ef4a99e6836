export function Home() {
  return (
    <>
      <h1>Home</h1>
      <p>Nothing to prove here.</p>
    </>
  );
}
