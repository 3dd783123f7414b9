import Glibc

extension Descriptor {
  /// Whether someone may still read what is written to this pipe or socket: poll(2).
  public var hasReader: Bool {
    var entry = pollfd(fd: number, events: 0, revents: 0)
    let count = unsafe poll(&entry, 1, 0)
    return count <= 0 || Int32(entry.revents) & (POLLERR | POLLHUP | POLLNVAL) == 0
  }
}
