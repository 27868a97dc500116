// After a visit the page begins afresh. Behind the host's door there is a second name for the same screens (`main/host/server.ts`): going there
// makes the browser end this page's process, and all that was typed ends with it. Elsewhere the page loads anew.

export const beginAfresh = (
  place: Pick<Location, 'protocol' | 'replace' | 'reload'> = location,
  isDevelopment: boolean = import.meta.env.DEV,
): void => {
  if (place.protocol === 'http:' && !isDevelopment) place.replace('/again');
  else place.reload();
};
