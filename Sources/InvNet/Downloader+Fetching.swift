import InvDigest
import InvSystem

// What the thread does that speaks to the servers.
extension Downloader {
  func fetch() {
    var fetching = Fetching(self)
    do throws(Failure) {
      while try fetching.step() {}
    } catch { stop(error) }
  }
}

/// The exchanges of a downloader, on the thread of its loop.
private struct Fetching {
  private let downloader: Downloader
  private var loop: HTTPLoop { downloader.loop }
  private var running: [Int: (file: DownloadFile, part: DownloadPart)] = [:]
  private var last = 0

  init(_ downloader: Downloader) { self.downloader = downloader }

  /// Begins what can be begun and takes what has come; false when there is nothing more to do.
  mutating func step() throws(Failure) -> Bool {
    let (shared, monitor) = (downloader.shared, downloader.monitor)
    let (isOver, wrong) = monitor.withLock {
      defer { shared.wrong = [] }
      let isDone = shared.isClosed && shared.waiting.isEmpty && shared.open.isEmpty
      return (isDone || shared.failure != nil, shared.wrong)
    }
    if isOver { return false }
    for (file, found) in wrong {
      let expected = file.download.digest?.hex ?? ""
      try restart(
        file, else: .data("\(file.source.name): its MD5 is \(found.hex), not \(expected) as listed")
      )
    }
    let pause = try begin()
    for exchange in try loop.run(waiting: pause) {
      guard let (file, part) = running.removeValue(forKey: exchange.number) else { continue }
      try conclude(exchange, part, file)
    }
    publish()
    return true
  }

  private func publish() {
    let (shared, monitor) = (downloader.shared, downloader.monitor)
    monitor.withLock {
      for file in shared.open where !file.isComplete {
        file.front = file.writtenFront
        file.isComplete = file.isWhole
      }
      monitor.wake()
    }
  }

  /// Sends requests as long as there are connections for them; how long to wait for news.
  private mutating func begin() throws(Failure) -> Double {
    let now = Machine.clock
    var pause = 1.0
    while loop.count < downloader.connections {
      guard let (file, part) = try nextPart(now, &pause) else { break }
      let prepared = try downloader.remote.prepare(file.request(part), part.attempts)
      last += 1
      let exchange = HTTPExchange(prepared.request, number: last) { exchange, bytes in
        part.take(bytes, of: exchange, file: file)
      }
      exchange.isFresh = part.attempts.isFresh
      part.begin(exchange, prepared.credentials)
      running[last] = (file, part)
      try loop.start(exchange)
    }
    return pause
  }

  /// A part to ask for: one that failed before, one of a file that has been begun, or the first of the
  /// next file.
  private func nextPart(_ now: Double, _ pause: inout Double) throws(Failure)
    -> (DownloadFile, DownloadPart)?
  {
    let (shared, monitor) = (downloader.shared, downloader.monitor)
    let (open, next) = monitor.withLock {
      (shared.open, shared.open.count < downloader.connections ? shared.waiting.first : nil)
    }
    for file in open {
      for part in file.parts where part.exchange == nil {
        if part.notBefore <= now { return (file, part) }
        pause = min(pause, part.notBefore - now)
      }
    }
    for file in open {
      if let part = file.nextPart(of: downloader.partSize) { return (file, part) }
    }
    guard let next else { return nil }
    let file = try DownloadFile(next)
    monitor.withLock {
      shared.waiting.removeFirst()
      shared.open.append(file)
    }
    return file.nextPart(of: downloader.partSize).map { (file, $0) }
  }

  /// Makes of an exchange that has ended what it has brought.
  private mutating func conclude(
    _ exchange: HTTPExchange, _ part: DownloadPart, _ file: DownloadFile
  ) throws(Failure) {
    part.exchange = nil
    part.flush(file, upTo: part.at)
    if let loss = part.loss { throw loss }
    if part.received > part.receivedBefore { part.attempts.noteProgress() }
    if exchange.status == 200 || exchange.status == 206 { downloader.remote.noteAnswer() }
    var fault = exchange.fault
    if fault == nil && (exchange.status == 200 || exchange.status == 206) {
      if !part.isHeadRight { part.headProblem = part.check(exchange, file) }
      if part.headProblem == nil {
        if part.isWhole { return file.parts.removeAll { $0 === part } }
        fault = HTTPFault("fewer bytes came than were promised", isTransient: true)
      }
    }
    let name = file.source.name
    switch part.headProblem {
    case nil: break
    case .otherSize(let size):
      throw .data("\(name) has \(size) bytes, not \(file.download.size) as listed")
    case .changed: return try restart(file, else: changing(file))
    case .otherRange(let what):
      if part.attempts.isStuck {
        file.avoidRanges()
        return try restart(file, else: Failure("\(name): \(what)", .again))
      }
      fault = HTTPFault(what, isTransient: true)
    }
    if fault == nil && exchange.status == 412 { return try restart(file, else: changing(file)) }
    if fault == nil && exchange.status == 416 {
      throw .data("\(name) has fewer than \(file.download.size) bytes as listed")
    }
    try retry(exchange, fault, part, file)
  }

  /// Sees to it that `part` is asked for again, or its file looked for elsewhere.
  private mutating func retry(
    _ exchange: HTTPExchange, _ fault: HTTPFault?, _ part: DownloadPart, _ file: DownloadFile
  ) throws(Failure) {
    let response = HTTPResponse(
      status: exchange.status, headers: exchange.headers, body: part.errorBody)
    let answer = RemoteAnswer(response, fault: fault, credentials: part.credentials)
    do throws(Failure) {
      let wait = try downloader.remote.judge(answer, of: file.request(part), &part.attempts)
      part.notBefore = Machine.clock + wait
    } catch {
      // Who may not list a bucket is not told either that something is not there.
      guard fault == nil, exchange.status == 404 || exchange.status == 403 else { throw error }
      let refusal = exchange.status == 404 ? Failure.data(error.sentence) : error
      // Where it has been found it is not to be looked for elsewhere.
      guard !file.isTagKnown else { throw refusal }
      file.firstRefusal = file.firstRefusal ?? refusal
      guard file.restart(elsewhere: true) else { throw file.firstRefusal ?? refusal }
      forget(file)
    }
  }

  private func changing(_ file: DownloadFile) -> Failure {
    Failure("\(file.source.name) changes while it is fetched", .again)
  }

  private mutating func restart(_ file: DownloadFile, else failure: Failure) throws(Failure) {
    for part in file.parts {
      guard let exchange = part.exchange else { continue }
      loop.cancel(exchange)
      running[exchange.number] = nil
    }
    guard file.restart(elsewhere: false) else { throw failure }
    forget(file)
  }

  private func forget(_ file: DownloadFile) { downloader.monitor.withLock { file.forget() } }
}
