import InvAccess
import InvNet
import InvSource
import InvSystem

/// Files on their way from servers through a spool.
final class Transfer {
  private let downloader: Downloader
  private let spool: Spool
  /// The numbers of files that have not been begun, and what each is.
  private var waiting: ArraySlice<(number: Int, file: FoundFile)>
  /// The sizes of those that lie in the spool, or are going to, by number.
  private var inSpool: [Int: UInt64] = [:]
  /// Those that have been handed on for others to remove.
  private var handed: Set<Int> = []
  private var owed: Int
  private var places: Set<RemotePlace> = []

  /// Begins to fetch; numbers are the places of the files among all.
  init(
    _ files: [(number: Int, file: FoundFile)], _ access: Access, _ spool: Spool,
    _ settings: Settings
  ) throws(Failure) {
    self.spool = spool
    waiting = files[...]
    owed = files.count
    downloader = try Downloader(
      access.remote, access.http, connections: settings.connections, partSize: settings.partSize)
    admit()
  }

  /// The next file that is whole and verified, whichever that is; nil when there are no more.
  func next() throws(Failure) -> DownloadedFile? {
    guard owed > 0 else { return nil }
    while true {
      noteRemoved()
      admit()
      if let file = try downloader.nextAtHand() {
        guard places.insert(file.place).inserted else {
          throw .data("\(file.place.name) is what two names of a manifest stand for")
        }
        owed -= 1
        return file
      }
      try requireReader()
      Machine.pause(0.01)
    }
  }

  /// Adds a file that was thought to be there.
  func add(_ number: Int, _ file: FoundFile) {
    waiting.append((number, file))
    owed += 1
  }

  /// Begins what there is room for; a file that needs more than all of it comes alone.
  private func admit() {
    var used: UInt64 = 0
    // Of manifests that are not true the sum may be more than there is room for, and not a number.
    for size in inSpool.values { used = min(used, .max - size) + size }
    while let (number, file) = waiting.first, inSpool.count < Spool.most {
      let size = file.listed.size
      guard inSpool.isEmpty || (size <= spool.limit && used <= spool.limit - size) else { break }
      guard case .server(let places) = file.place, let digest = file.listed.md5 else { break }
      waiting.removeFirst()
      inSpool[number] = size
      used = min(used, .max - size) + size
      downloader.add(
        Download(
          number: number, places: places, size: size, digest: digest,
          path: spool.path(number)))
    }
  }

  /// Says that a file is no longer in the spool.
  func release(_ number: Int) {
    Temporaries.shared.forget(spool.path(number))
    inSpool[number] = nil
    handed.remove(number)
  }

  /// Removes a file of which all has been passed on.
  func remove(_ number: Int) throws(Failure) {
    try removeFile(spool.path(number))
    release(number)
  }

  /// Says that a file is for its reader to remove.
  func handOver(_ number: Int) { handed.insert(number) }

  private func noteRemoved() {
    for number in handed where (try? FileStatus.ofItself(spool.path(number))) == .some(nil) {
      release(number)
    }
  }

  private func requireReader() throws(Failure) {
    let output = Descriptor.standardOutput
    // EPIPE: as if it had been written to.
    if try output.status().kind == .pipe, !output.hasReader {
      throw .system("write", output.name, 32)
    }
  }

  /// Waits until all that was handed over is gone, or its reader, or the time.
  func waitForReader(seconds: Double = .infinity) {
    let end = Machine.clock + seconds
    while true {
      noteRemoved()
      if handed.isEmpty || !Descriptor.standardOutput.hasReader || Machine.clock > end { return }
      Machine.pause(0.01)
    }
  }

  /// Fetches no more.
  func stop() { downloader.stop() }

  /// Says that all has been asked for.
  func close() { downloader.close() }
}
