-- How often the projection stood still for somebody who changed the warehouse as a whole. A batch that was read before is read again.
CREATE SEQUENCE projection_pauses;
