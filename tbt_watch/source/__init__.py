"""What a source declares and yields, and the strict readers of what sources answer: the only room of a spider."""
