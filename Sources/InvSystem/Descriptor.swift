import Glibc

/// An open file descriptor with the name it goes by in messages; closes itself.
public struct Descriptor: ~Copyable, Sendable {
  public let number: Int32
  public let name: String
  private var isOwned: Bool

  /// Takes `number` over, or borrows it when `owned` is false.
  public init(_ number: Int32, name: String, owned: Bool = true) {
    self.number = number
    self.name = name
    self.isOwned = owned
  }

  deinit {
    if isOwned { _ = Glibc.close(number) }
  }

  public static var standardInput: Descriptor {
    Descriptor(STDIN_FILENO, name: "standard input", owned: false)
  }
  public static var standardOutput: Descriptor {
    Descriptor(STDOUT_FILENO, name: "standard output", owned: false)
  }
  public static var standardError: Descriptor {
    Descriptor(STDERR_FILENO, name: "standard error", owned: false)
  }

  /// Opens /dev/null in the place of each standard descriptor that is closed, so that no file that is
  /// opened later is taken for one.
  public static func fillStandard() {
    while true {
      let number = unsafe Glibc.open("/dev/null", O_RDWR)
      if number > STDERR_FILENO || number < 0 {
        if number >= 0 { _ = Glibc.close(number) }
        return
      }
    }
  }

  /// open(2) for reading; in messages it goes by `name`, unless that is nil.
  public static func reading(_ path: String, as name: String? = nil) throws(Failure) -> Descriptor {
    let number = retrying { unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC) }
    guard number >= 0 else { throw Failure.system("open", path) }
    return Descriptor(number, name: name ?? path)
  }

  /// fcntl(2) F_DUPFD_CLOEXEC: another descriptor of the same open file.
  public func duplicate() throws(Failure) -> Descriptor {
    let copy = fcntl(number, F_DUPFD_CLOEXEC, 0)
    guard copy >= 0 else { throw Failure.system("open", name) }
    return Descriptor(copy, name: name)
  }

  /// open(2) for writing of what is there and is no regular file.
  public static func writing(_ path: String) throws(Failure) -> Descriptor {
    let number = retrying { unsafe Glibc.open(path, O_WRONLY | O_CLOEXEC) }
    guard number >= 0 else { throw Failure.system("open", path) }
    return Descriptor(number, name: path)
  }

  /// open(2) of a file that must not exist yet.
  public static func creating(_ path: String) throws(Failure) -> Descriptor {
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC
    let number = retrying { unsafe Glibc.open(path, flags, 0o666) }
    guard number >= 0 else { throw Failure.system("create", path) }
    return Descriptor(number, name: path)
  }

  /// read(2): how many bytes came; 0 is the end.
  public func read(into buffer: UnsafeMutableRawBufferPointer) throws(Failure) -> Int {
    let count = retrying { unsafe Glibc.read(number, buffer.baseAddress, buffer.count) }
    guard count >= 0 else { throw Failure.system("read", name) }
    return count
  }

  /// pread(2): how many bytes came; 0 is the end.
  public func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(Failure)
    -> Int
  {
    guard let place = off_t(exactly: offset) else { return 0 }
    let count = retrying {
      unsafe Glibc.pread(number, buffer.baseAddress, buffer.count, place)
    }
    guard count >= 0 else { throw Failure.system("read", name) }
    return count
  }

  /// write(2), as often as it takes.
  public func write(_ buffer: UnsafeRawBufferPointer) throws(Failure) {
    var done = 0
    while done < buffer.count {
      let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[done...])
      let count = retrying { unsafe Glibc.write(number, rest.baseAddress, rest.count) }
      guard count >= 0 else { throw Failure.system("write", name) }
      done += count
    }
  }

  /// Writes all of `bytes`.
  public func write(_ bytes: [UInt8]) throws(Failure) {
    var failure: Failure?
    unsafe bytes.withUnsafeBytes { buffer in
      do throws(Failure) { unsafe try write(buffer) } catch { failure = error }
    }
    if let failure { throw failure }
  }

  /// close(2), whose failure can be the first news of lost data.
  public consuming func close() throws(Failure) {
    isOwned = false
    guard Glibc.close(number) == 0 else { throw Failure.system("write", name) }
  }

  /// fstat(2).
  public func status() throws(Failure) -> FileStatus {
    var status = stat()
    guard unsafe fstat(number, &status) == 0 else { throw Failure.system("read", name) }
    return FileStatus(status)
  }

  /// lseek(2): where the next byte of a regular file is read.
  public var position: UInt64 { UInt64(max(0, lseek(number, 0, SEEK_CUR))) }

  /// Whether this is a terminal.
  public var isTerminal: Bool { isatty(number) == 1 }

  /// fcntl(2) F_SETPIPE_SZ: asks for a pipe of `bytes`; does nothing to anything else.
  public func widenPipe(to bytes: Int32) {
    _ = fcntl(number, 1031, bytes)
  }
}

/// Repeats a system call for as long as it is interrupted.
@inline(__always)
func retrying<Result: SignedInteger>(_ call: () -> Result) -> Result {
  while true {
    let result = call()
    if result >= 0 || errno != EINTR { return result }
  }
}

extension Descriptor {
  /// pwrite(2), as often as it takes.
  public func write(_ buffer: UnsafeRawBufferPointer, at offset: UInt64) throws(Failure) {
    var done = 0
    while done < buffer.count {
      let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[done...])
      let count = retrying {
        unsafe Glibc.pwrite(number, rest.baseAddress, rest.count, off_t(offset) + off_t(done))
      }
      guard count >= 0 else { throw Failure.system("write", name) }
      done += count
    }
  }

  /// Writes all of `bytes` at `offset`.
  public func write(_ bytes: [UInt8], at offset: UInt64) throws(Failure) {
    var failure: Failure?
    unsafe bytes.withUnsafeBytes { buffer in
      do throws(Failure) { unsafe try write(buffer, at: offset) } catch { failure = error }
    }
    if let failure { throw failure }
  }

  /// Fills `bytes` from `offset` on; how many came before the end.
  public func fill(_ bytes: inout [UInt8], at offset: UInt64) throws(Failure) -> Int {
    var failure: Failure?
    let count = unsafe bytes.withUnsafeMutableBytes { room in
      var done = 0
      do throws(Failure) {
        while done < room.count {
          let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: room[done...])
          let count = unsafe try read(into: rest, at: offset + UInt64(done))
          if count == 0 { break }
          done += count
        }
      } catch { failure = error }
      return done
    }
    if let failure { throw failure }
    return count
  }

  /// Appends up to `count` bytes from `offset` on to `bytes`; how many came before the end.
  public func append(_ count: Int, at offset: UInt64, to bytes: inout [UInt8]) throws(Failure)
    -> Int
  {
    var outcome: Result<Int, Failure> = .success(0)
    bytes.append(addingCapacity: count) { output in
      unsafe output.withUnsafeMutableBufferPointer { room, done in
        let room = unsafe UnsafeMutableRawBufferPointer(start: room.baseAddress, count: count)
        do throws(Failure) {
          while done < count {
            let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: room[done...])
            let more = unsafe try read(into: rest, at: offset + UInt64(done))
            if more == 0 { break }
            done += more
          }
          outcome = .success(done)
        } catch { outcome = .failure(error) }
      }
    }
    return try outcome.get()
  }

  /// fsync(2).
  public func sync() throws(Failure) {
    guard fsync(number) == 0 else { throw Failure.system("write", name) }
  }
}
