/** Puts the page in the place of itself every two seconds. Without it the page says the same when it is opened anew. */
export const SCRIPT = `
const look = async () => {
  try {
    const response = await fetch('/status', { cache: 'no-store' });
    const page = new DOMParser().parseFromString(await response.text(), 'text/html');
    document.querySelector('main').replaceWith(document.adoptNode(page.querySelector('main')));
    document.title = page.title;
  } catch {
    const badge = document.querySelector('.badge');
    badge.className = 'badge off';
    badge.textContent = 'no answer';
  }
  setTimeout(look, 2000);
};
setTimeout(look, 2000);
`;
