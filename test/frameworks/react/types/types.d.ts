import type {} from 'didit-verify/react';
