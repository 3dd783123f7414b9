import InvAccess
import InvBytes
import InvNet
import InvSource
import InvSystem

/// Asks a server what a plan wants to know, many things at once.
final class Requests {
  /// One question on its way.
  private struct Asked {
    let question: ListingPlan.Question
    let request: RemoteRequest
    var attempts = RemoteAttempts()
    var credentials: Credentials?
    /// How often its answer could not be understood.
    var faults = 0
    var body = Body()
  }

  private final class Body { var bytes: [UInt8] = [] }

  /// No page is longer: a thousand keys of 1024 bytes take 4 MiB with every byte encoded.
  private static let pageLimit = 8 << 20
  /// How much is read at a time: a usual page has 400 KB, and there are many connections.
  private static let bufferSize = 128 << 10

  private let place: Place
  private let access: Access
  private let loop: HTTPLoop
  private let reader: PageReader
  private var plan: ListingPlan
  private let cut: (ListingPlan.Cut, ListingPlan) throws(Failure) -> Void
  private var pace: Pace
  private var asked: [Int: Asked] = [:]
  private var flying = 0
  /// What is to be sent again, and when.
  private var waiting: [(time: Double, number: Int)] = []
  private(set) var count = 0

  /// `cut` is told of every cut before anything is asked of the new range.
  init(
    _ place: Place, _ access: Access, _ plan: ListingPlan, width: Int, _ output: Output,
    cut: @escaping (ListingPlan.Cut, ListingPlan) throws(Failure) -> Void
  ) throws(Failure) {
    self.place = place
    self.access = access
    self.plan = plan
    self.cut = cut
    pace = Pace(width)
    var http = access.http
    http.bufferSize = Self.bufferSize
    let loop = try HTTPLoop(http, connections: width)
    self.loop = loop
    reader = try PageReader(output, capacity: 4 * width) { loop.wake() }
  }

  /// Asks until there is nothing left to ask.
  func run() throws(Failure) {
    defer { reader.finish() }
    while !plan.isDone {
      try ask()
      for exchange in try loop.run(waiting: pause) { try conclude(exchange) }
      for (number, result) in reader.take() { try take(number, result) }
    }
  }

  /// How long nothing can be sent unless something comes.
  private var pause: Double {
    // With no room, what is due must wait for an answer.
    guard flying < pace.limit, let time = waiting.map(\.time).min() else { return 1 }
    return max(0, min(time - Machine.clock, 1))
  }

  /// Sends what there is to send.
  private func ask() throws(Failure) {
    let now = Machine.clock
    while flying < pace.limit {
      if let place = waiting.firstIndex(where: { $0.time <= now }) {
        try send(waiting.remove(at: place).number)
      } else if let question = plan.next() {
        count += 1
        asked[count] = Asked(question: question, request: try place.request(question))
        try send(count)
      } else {
        return
      }
    }
  }

  private func send(_ number: Int) throws(Failure) {
    guard var asked = asked[number] else { return }
    let body = Body()
    asked.body = body
    let prepared = try access.remote.prepare(asked.request, asked.attempts)
    asked.credentials = prepared.credentials
    let exchange = HTTPExchange(prepared.request, number: number) { _, bytes in
      guard bytes.byteCount <= Self.pageLimit - body.bytes.count else { return false }
      unsafe bytes.withUnsafeBytes { unsafe body.bytes.append(contentsOf: $0) }
      return true
    }
    exchange.isFresh = asked.attempts.isFresh
    self.asked[number] = asked
    flying += 1
    try loop.start(exchange)
  }

  /// Takes in what came of an exchange.
  private func conclude(_ exchange: HTTPExchange) throws(Failure) {
    flying -= 1
    let number = exchange.number
    guard var asked = asked[number] else { return }
    let body = asked.body.bytes
    if exchange.fault == nil, 200..<300 ~= exchange.status {
      access.remote.noteAnswer()
      pace.gain()
      hand(on: asked, number, body)
      return
    }
    let response = HTTPResponse(status: exchange.status, headers: exchange.headers, body: body)
    if response.status == 503 || response.status == 429 { pace.cut(at: Machine.clock) }
    let answer = RemoteAnswer(response, fault: exchange.fault, credentials: asked.credentials)
    let seconds = try access.remote.judge(answer, of: asked.request, &asked.attempts)
    self.asked[number] = asked
    waiting.append((Machine.clock + seconds, number))
  }

  private func hand(on asked: Asked, _ number: Int, _ body: [UInt8]) {
    reader.push(
      PageReader.Answer(
        number: number, question: asked.question, body: body,
        request: plan.request(for: asked.question)))
  }

  /// Takes in an answer that has been read.
  private func take(_ number: Int, _ result: PageReader.Result) throws(Failure) {
    guard let asked = asked[number] else { return }
    switch result {
    case .failed(let failure): throw failure
    case .bad(let error):
      plan.drop(asked.question)
      try retry(number, error)
    case .page(let page):
      self.asked[number] = nil
      let cut: ListingPlan.Cut?
      do throws(FormatError) { cut = try plan.take(page, for: asked.question) } catch {
        throw failure(asked, error)
      }
      if let cut { try self.cut(cut, plan) }
    }
  }

  /// Asks again for what could not be understood: it may have been damaged on its way.
  private func retry(_ number: Int, _ error: FormatError) throws(Failure) {
    guard var asked = asked[number] else { return }
    asked.faults += 1
    guard asked.faults < 5 else { throw failure(asked, error) }
    self.asked[number] = asked
    waiting.append((Machine.clock + 0.2 * Double(asked.faults), number))
  }

  private func failure(_ asked: Asked, _ error: FormatError) -> Failure {
    let after = asked.question.after.key
    let place = after.isEmpty ? "" : " behind '\(printableName(after))'"
    return .data("the listing of \(printableName(self.place.name))\(place): \(error.what)")
  }
}
