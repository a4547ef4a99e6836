// docs/vue.md: The backend in Nuxt: ts 2
