// docs/angular.md: Taken away, moved, kept: ts
