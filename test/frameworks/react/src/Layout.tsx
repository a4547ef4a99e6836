import { Link, Outlet } from 'react-router';

const pages = ['Binding', 'Resolver', 'Events', 'Conditional', 'List', 'Keep', 'Form'];

export function Layout() {
  return (
    <>
      <nav>
        <Link to="/">Home</Link>
        {pages.map((page) => (
          <Link key={page} to={`/${page.toLowerCase()}`}>
            {page}
          </Link>
        ))}
      </nav>
      <Outlet />
    </>
  );
}
