// docs/react.md: The element and its methods: tsx
