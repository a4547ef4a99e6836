import type {} from 'didit-verify/vue';
