import { NextResponse, type NextRequest } from 'next/server';

/** `rewrites` of the configuration are fixed by the build; this is read as the server runs. */
export function proxy({ nextUrl: { pathname, search } }: NextRequest) {
  return NextResponse.rewrite(new URL(pathname + search, process.env.BACKEND));
}

export const config = { matcher: '/api/:path*' };
