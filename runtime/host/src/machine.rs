//! What the devices have in common.

use crate::HostError;
use crate::Tensor;

/// A model on a device, with its memory. Buffers have the size of the largest shapes.
pub(crate) trait Machine {
    /// Puts an input in place; its type and shape have been checked.
    ///
    /// # Errors
    /// If the device is lost or refuses.
    fn write(&mut self, input: usize, tensor: &Tensor) -> Result<(), HostError>;
    /// Fills an input with zeros.
    ///
    /// # Errors
    /// If the device is lost.
    fn clear(&mut self, input: usize) -> Result<(), HostError>;
    /// Runs, for these values of the open dims; what an input isn't told stays what it is.
    ///
    /// # Errors
    /// If the run fails.
    fn run(&mut self, symbols: &[u64]) -> Result<(), HostError>;
    /// The whole buffer of an output, as the last run left it.
    ///
    /// # Errors
    /// If the device is lost.
    fn read(&self, output: usize) -> Result<Vec<u8>, HostError>;
}
