import Foundation

/// e^x, by its own name where a closure is wanted.
func exponential(_ value: Double) -> Double { exp(value) }
