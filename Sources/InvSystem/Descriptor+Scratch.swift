import Glibc

extension Descriptor {
  /// A new file in `folder` for writing and reading that has no name any more.
  public static func scratch(in folder: String) throws(Failure) -> Descriptor {
    while true {
      let path = "\(folder)/.inv-\(String(Machine.randomWord, radix: 16)).scratch"
      let number = retrying {
        unsafe Glibc.open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
      }
      if number < 0 && errno == EEXIST { continue }
      guard number >= 0 else { throw Failure.system("create a file in", folder) }
      unsafe _ = unlink(path)
      return Descriptor(number, name: "a temporary file in \(folder)")
    }
  }

  /// pread(2) until `room` is full; an error when there is less.
  public func readAll(_ room: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(Failure) {
    var done = 0
    while done < room.count {
      let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: room[done...])
      let count = unsafe try read(into: rest, at: offset + UInt64(done))
      if count == 0 { throw Failure("\(printable(name)) has become shorter", .system) }
      done += count
    }
  }
}
