import type { Routes } from '@angular/router';
import { Binding } from './pages/binding';
import { Conditional } from './pages/conditional';
import { Events } from './pages/events';
import { Form } from './pages/form';
import { AttributesBlock } from './pages/guide/attributes-block';
import { ElementBlock } from './pages/guide/element-block';
import { EventsBlock } from './pages/guide/events-block';
import { FormBlock } from './pages/guide/form-block';
import { ReactiveFormBlock } from './pages/guide/reactive-form-block';
import { ValuesBlock } from './pages/guide/values-block';
import { Home } from './pages/home';
import { Keep } from './pages/keep';
import { List } from './pages/list';
import { Resolver } from './pages/resolver';

export const routes: Routes = [
  { path: '', component: Home, title: 'Home' },
  { path: 'binding', component: Binding, title: 'Binding' },
  { path: 'resolver', component: Resolver, title: 'Resolver' },
  { path: 'events', component: Events, title: 'Events' },
  { path: 'conditional', component: Conditional, title: 'Conditional' },
  { path: 'list', component: List, title: 'List' },
  { path: 'keep', component: Keep, title: 'Keep' },
  { path: 'form', component: Form, title: 'Form' },
  { path: 'guide/attributes', component: AttributesBlock },
  { path: 'guide/events', component: EventsBlock },
  { path: 'guide/values', component: ValuesBlock },
  { path: 'guide/element', component: ElementBlock },
  { path: 'guide/form', component: FormBlock },
  { path: 'guide/reactive-form', component: ReactiveFormBlock },
];
