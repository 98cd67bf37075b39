/** Stylesheets are bundled; they export nothing. */
declare module '*.css';
