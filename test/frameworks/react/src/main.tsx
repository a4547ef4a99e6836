import 'didit-verify';
import type {} from 'didit-verify/react';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createBrowserRouter } from 'react-router';
import { RouterProvider } from 'react-router/dom';
import { Layout } from './Layout.tsx';
import { Binding } from './pages/Binding.tsx';
import { Conditional } from './pages/Conditional.tsx';
import { Events } from './pages/Events.tsx';
import { Form } from './pages/Form.tsx';
import { Home } from './pages/Home.tsx';
import { Keep } from './pages/Keep.tsx';
import { AttributesBlock } from './pages/guide/AttributesBlock.tsx';
import { Verify } from './pages/guide/ElementBlock.tsx';
import { EventsBlock } from './pages/guide/EventsBlock.tsx';
import { List } from './pages/List.tsx';
import { Resolver } from './pages/Resolver.tsx';

const router = createBrowserRouter([
  {
    Component: Layout,
    children: [
      { path: '/', Component: Home },
      { path: '/binding', Component: Binding },
      { path: '/resolver', Component: Resolver },
      { path: '/events', Component: Events },
      { path: '/conditional', Component: Conditional },
      { path: '/list', Component: List },
      { path: '/keep', Component: Keep },
      { path: '/form', Component: Form },
      { path: '/guide/attributes', Component: AttributesBlock },
      { path: '/guide/events', Component: EventsBlock },
      { path: '/guide/element', Component: Verify },
    ],
  },
]);

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <RouterProvider router={router} />
  </StrictMode>,
);
