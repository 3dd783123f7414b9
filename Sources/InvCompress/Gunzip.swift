import CZlib
import InvSystem

/// Decodes gzip (RFC 1952): members one after another, then nothing or zero bytes.
final class Gunzip: Decoder {
  private enum Place { case head, body, end }

  private let inflater: any Inflater
  private var place = Place.head
  private var members = 0
  // The length of the present member's output, modulo 2^32 as in its trailer.
  private var length: UInt32 = 0

  init(_ engine: InflateEngine) throws(Failure) {
    guard let inflater = engine.make() else { throw Failure("no memory to inflate", .system) }
    self.inflater = inflater
  }

  func fill(
    _ buffer: UnsafeMutableRawBufferPointer, _ done: inout Int, from source: inout ByteSource
  ) throws(Failure) {
    while done < buffer.count {
      switch place {
      case .head: try startMember(&source)
      case .body:
        unsafe try inflate(into: .init(rebasing: buffer[done...]), &done, from: &source)
      case .end: return
      }
    }
  }

  private func inflate(
    into rest: UnsafeMutableRawBufferPointer, _ done: inout Int, from source: inout ByteSource
  ) throws(Failure) {
    let hasInput = try source.hasWindow()
    let step = unsafe inflater.step(from: source.window, into: rest)
    source.take(step.consumed)
    done += step.produced
    length &+= UInt32(truncatingIfNeeded: step.produced)
    switch step.outcome {
    case .fault(let why): throw source.fault(why)
    case .finished: try endMember(&source)
    case .more:
      if step.produced > 0 || step.consumed > 0 { return }
      if hasInput { throw source.fault("corrupt deflate data") }
      throw source.fault("the gzip data is cut short")
    }
  }

  private func startMember(_ source: inout ByteSource) throws(Failure) {
    let start = try source.peek(2)
    if members > 0 {
      if start.isEmpty {
        place = .end
        return
      }
      if start[0] == 0 { return try skipPadding(&source) }
      if start != [0x1f, 0x8b] { throw source.fault("garbage after the gzip data") }
    }
    try readHeader(&source)
    members += 1
    length = 0
    inflater.reset()
    place = .body
  }

  private func skipPadding(_ source: inout ByteSource) throws(Failure) {
    while let byte = try source.next() {
      if byte != 0 {
        throw source.fault("garbage after the gzip data", at: source.consumed - 1)
      }
    }
    place = .end
  }

  private func readHeader(_ source: inout ByteSource) throws(Failure) {
    var sum: UInt = 0
    let start = source.consumed
    guard try header(&source, &sum) == 0x1f, try header(&source, &sum) == 0x8b else {
      throw source.fault("not gzip data", at: start)
    }
    guard try header(&source, &sum) == 8 else {
      throw source.fault("a gzip method that is not deflate", at: start + 2)
    }
    let flags = try header(&source, &sum)
    guard flags & 0xe0 == 0 else {
      throw source.fault("reserved flags in the gzip header", at: start + 3)
    }
    for _ in 0..<6 { _ = try header(&source, &sum) }
    if flags & 4 != 0 {
      let low = try Int(header(&source, &sum))
      let high = try Int(header(&source, &sum))
      for _ in 0..<(low | high << 8) { _ = try header(&source, &sum) }
    }
    // A name, then a comment: each ends with NUL.
    if flags & 8 != 0 { while try header(&source, &sum) != 0 {} }
    if flags & 16 != 0 { while try header(&source, &sum) != 0 {} }
    if flags & 2 != 0 {
      let expected = sum & 0xffff
      let low = try UInt(header(&source, &sum))
      let high = try UInt(header(&source, &sum))
      guard low | high << 8 == expected else {
        throw source.fault(
          "the checksum of the gzip header does not match", at: source.consumed - 2)
      }
    }
  }

  private func header(_ source: inout ByteSource, _ sum: inout UInt) throws(Failure) -> UInt8 {
    guard var byte = try source.next() else { throw source.fault("the gzip header is cut short") }
    unsafe sum = crc32_z(sum, &byte, 1)
    return byte
  }

  private func endMember(_ source: inout ByteSource) throws(Failure) {
    var (bytes, count) = inflater.surplus
    let start = source.consumed - UInt64(count)
    var trailer: UInt64 = 0
    for place in 0..<UInt64(8) {
      if count > 0 {
        trailer |= (bytes & 0xff) << (8 * place)
        bytes >>= 8
        count -= 1
      } else {
        guard let byte = try source.next() else {
          throw source.fault("the gzip data is cut short")
        }
        trailer |= UInt64(byte) << (8 * place)
      }
    }
    guard count == 0, UInt32(truncatingIfNeeded: trailer) == inflater.checksum else {
      throw source.fault("the gzip checksum does not match", at: start)
    }
    guard UInt32(trailer >> 32) == length else {
      throw source.fault("the gzip length does not match", at: start + 4)
    }
    place = .head
  }
}
