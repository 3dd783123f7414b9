import Glibc

extension Descriptor {
  /// read(2) until `bytes` is full or the input ends: how many came.
  public func fill(_ bytes: inout [UInt8]) throws(Failure) -> Int {
    var failure: Failure?
    let count = unsafe bytes.withUnsafeMutableBytes { room in
      var done = 0
      do throws(Failure) {
        while done < room.count {
          let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: room[done...])
          let count = unsafe try read(into: rest)
          if count == 0 { break }
          done += count
        }
      } catch { failure = error }
      return done
    }
    if let failure { throw failure }
    return count
  }

  /// The next bytes as soon as there are any, at most `count`; none at the end.
  public func piece(upTo count: Int) throws(Failure) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var outcome: Result<Int, Failure> = .success(0)
    unsafe bytes.withUnsafeMutableBytes { room in
      do throws(Failure) { outcome = .success(unsafe try read(into: room)) } catch {
        outcome = .failure(error)
      }
    }
    bytes.removeLast(count - (try outcome.get()))
    return bytes
  }

  /// All that is still to come; an error when it is more than `limit` bytes.
  public func contents(limit: Int) throws(Failure) -> [UInt8] {
    var contents: [UInt8] = []
    contents.reserveCapacity(Int(min(try status().size, UInt64(limit))))
    var piece = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = try fill(&piece)
      guard count <= limit - contents.count else {
        throw Failure.data("\(printable(name)) is longer than \(limit) bytes")
      }
      contents += piece[..<count]
      if count < piece.count { return contents }
    }
  }

  /// fchmod(2): its owner alone may read and write it.
  public func makePrivate() throws(Failure) {
    guard fchmod(number, 0o600) == 0 else { throw Failure.system("write", name) }
  }
}
