import Capture
import EventStream
import Settings
import SoundDevices

/// What the plan needs of the machine and a configuration alone does not tell.
extension Plan {
  /// Reports recordings that cannot be heard, and folders for sockets that are not there: for
  /// whoever checks or reloads. A daemon that starts needs no folder for sockets that systemd hands
  /// over, and finds out by making the others.
  func checkSurroundings(_ review: ConfigurationReview) {
    checkRecordings(review)
    for (path, place) in ownSockets {
      do throws(SocketProblem) {
        try ListeningSocket.checkFolder(of: path)
      } catch {
        review.report(place, error.description)
      }
    }
  }

  /// Reports recordings that stand in for a microphone and cannot be heard: those, unlike
  /// microphones, do not come later.
  func checkRecordings(_ review: ConfigurationReview) {
    for stream in streams {
      guard let path = stream.device.recording else { continue }
      do throws(OpenProblem) {
        try WaveReplay.check(
          path, CaptureRequest(rate: stream.rate, highestChannel: stream.channel))
      } catch {
        review.report(stream.place, "stream \(stream.name): \(error.description)")
      }
    }
  }
}
