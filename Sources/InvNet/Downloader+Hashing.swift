import InvDigest
import InvSystem

// What a hashing thread does.
extension Downloader {
  private static let piece = 256 << 10

  /// Follows the fronts of files for as long as there is something to fetch.
  func hash() {
    var bytes = [UInt8](repeating: 0, count: Self.piece)
    while let work = nextToHash() {
      do throws(Failure) {
        try follow(work, &bytes)
      } catch { stop(error) }
    }
  }

  private struct HashWork {
    let file: DownloadFile
    let front: UInt64
    let isComplete: Bool
    let generation: Int
  }

  /// Waits for a file that can be followed; nil when there is nothing more to do.
  private func nextToHash() -> HashWork? {
    monitor.withLock {
      while true {
        if shared.failure != nil || (shared.isClosed && shared.owed == 0) { return nil }
        let file = shared.open.first { file in
          !file.isBeingHashed && !file.isJudged
            && (file.isComplete || file.front >= file.hashed + UInt64(Self.piece))
        }
        if let file {
          file.isBeingHashed = true
          return HashWork(
            file: file, front: file.front, isComplete: file.isComplete,
            generation: file.generation)
        }
        monitor.wait()
      }
    }
  }

  /// Reads what has been written back; most of it is still in memory.
  private func follow(_ work: HashWork, _ bytes: inout [UInt8]) throws(Failure) {
    let file = work.file
    var at = file.hashed
    if let digest = file.download.digest {
      if file.md5 == nil { file.md5 = try MD5() }
      while at < work.front {
        let count = Int(min(UInt64(bytes.count), work.front - at))
        guard try file.read(&bytes, at: at) >= count else {
          throw Failure("\(printable(file.download.path)) has become shorter", .system)
        }
        file.md5?.update(bytes.span.extracting(first: count))
        at += UInt64(count)
      }
      let found = work.isComplete ? file.md5.take()?.finish() : nil
      try conclude(work, hashed: at, wrong: found == nil || found == digest ? nil : found)
    } else {
      try conclude(work, hashed: work.front, wrong: nil)
    }
  }

  private func conclude(_ work: HashWork, hashed: UInt64, wrong: MD5.Digest?) throws(Failure) {
    let file = work.file
    let finished = work.isComplete && wrong == nil ? try file.finished() : nil
    monitor.withLock {
      file.isBeingHashed = false
      defer { monitor.wake() }
      guard file.generation == work.generation else { return file.forgetHash() }
      file.hashed = hashed
      guard work.isComplete else { return }
      file.isJudged = true
      if let finished {
        shared.open.removeAll { $0 === file }
        shared.finished.append(finished)
      } else if let wrong {
        shared.wrong.append((file, wrong))
      }
    }
    if work.isComplete { loop.wake() }
  }
}
