/** What bodies take of the room that a worker has for all of them, as those see it that take it. */
export interface BodyRoom {
  /** Takes so many bytes of memory; false when there are none left. */
  takeMemory(bytes: number): boolean;
  giveMemoryBack(bytes: number): void;
  /** @throws {BodyStoreError} when so many bytes are more than there are left */
  takeSpool(bytes: number): void;
  giveSpoolBack(bytes: number): void;
}
