import type {} from 'didit-verify/svelte';
