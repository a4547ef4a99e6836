import { createRouter, createWebHistory } from 'vue-router';
import HomePage from './pages/HomePage.vue';

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', component: HomePage },
    { path: '/binding', component: () => import('./pages/BindingPage.vue') },
    { path: '/resolver', component: () => import('./pages/ResolverPage.vue') },
    { path: '/events', component: () => import('./pages/EventsPage.vue') },
    { path: '/conditional', component: () => import('./pages/ConditionalPage.vue') },
    { path: '/list', component: () => import('./pages/ListPage.vue') },
    { path: '/keep', component: () => import('./pages/KeepPage.vue') },
    { path: '/form', component: () => import('./pages/FormPage.vue') },
    { path: '/guide/attributes', component: () => import('./pages/guide/AttributesBlock.vue') },
    { path: '/guide/events', component: () => import('./pages/guide/EventsBlock.vue') },
    { path: '/guide/element', component: () => import('./pages/guide/ElementBlock.vue') },
  ],
});
