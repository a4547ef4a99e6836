// docs/angular.md: Development: js
