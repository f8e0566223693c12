// What is said in the call, as the server tells it.

export function follow(token, onLine) {
  const source = new EventSource(`/line/phone/transcript/${token}`);
  source.addEventListener("line", (event) => onLine(JSON.parse(event.data)));
  source.addEventListener("end", () => source.close());
  return source;
}
